// What scrolls sideways on a narrow page can be reached, and so scrolled, by keyboard.
const BOXES = ".md-typeset__scrollwrap, .output-html"
const sizes = new ResizeObserver(() => {
  for (const box of document.querySelectorAll(BOXES)) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0
    else box.removeAttribute("tabindex")
  }
})

document$.subscribe(() => {
  sizes.disconnect()
  for (const box of document.querySelectorAll(BOXES)) {
    for (const part of [box, ...box.children]) sizes.observe(part)
  }
})
