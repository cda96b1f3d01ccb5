// What scrolls sideways on a narrow page can be reached, and so scrolled, by keyboard.
function reach() {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap, .output-html")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0
    else box.removeAttribute("tabindex")
  }
}

document$.subscribe(reach)
addEventListener("resize", reach)
