"""What is wrong with the page that a browser shows: each check gives a list of faults."""

from axe_playwright_python.base import AXE_SCRIPT

__all__ = [
    "clipped",
    "foreign_fonts",
    "hidden_figures",
    "inaccessible",
    "layout_shift",
    "off_paper",
    "overflowing",
    "pale_drawings",
    "unset_formulas",
]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

FORMULAS = """async family => {
  await document.fonts.ready;
  const formulas = [...document.querySelectorAll('.arithmatex')];
  const faults = formulas.filter(formula => {
    const math = formula.querySelector(':scope > math');
    return !(math instanceof MathMLElement) || !math.getBoundingClientRect().height;
  }).map(formula => 'not set: ' + formula.textContent.slice(0, 60));
  const loaded = [...document.fonts].some(
    face => face.family.replaceAll('"', '') === family && face.status === 'loaded');
  const fonts = formulas.flatMap(f => [...f.querySelectorAll('math')])
    .filter(math => !getComputedStyle(math).fontFamily.includes(family));
  return faults.concat(formulas.length && !loaded ? [family + ' is not loaded'] : [])
    .concat(fonts.length ? [fonts.length + ' formulas in another font'] : []);
}"""

FIGURES = """() => [...document.querySelectorAll('article figure')].filter(figure =>
  ![...figure.querySelectorAll('svg, img, table')].some(drawing => {
    const box = drawing.getBoundingClientRect();
    const shown = drawing.checkVisibility({opacityProperty: true, visibilityProperty: true});
    return shown && box.width > 40 && box.height > 40 && (drawing.naturalWidth ?? 1) > 0;
  })).map(figure => 'cannot be seen: ' + figure.textContent.trim().slice(0, 60))"""

# Colours are [red, green, blue, opacity]. What lies under a text is found in the drawing itself:
# the page's background, and on it every filled shape before the text that holds the text's middle.
DRAWINGS = """() => {
  const parse = colour => {
    const parts = [...(colour.match(/[\\d.]+/g)?.map(Number) ?? []), 1].slice(0, 4);
    const mixed = colour.startsWith('color(srgb');
    if (!mixed && !colour.startsWith('rgb')) return [0, 0, 0, 0];
    return parts.map((part, i) => mixed && i < 3 ? 255 * part : part);
  };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
  const luminance = colour => colour.slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const background = element => {
    for (; element; element = element.parentElement) {
      const colour = parse(getComputedStyle(element).backgroundColor);
      if (colour[3] === 1) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const opacity = (element, root) => {
    let product = 1;
    for (; element !== root; element = element.parentElement)
      product *= Number(getComputedStyle(element).opacity);
    return product;
  };
  const paint = (element, root, kind) => {
    const style = getComputedStyle(element), colour = parse(style[kind]);
    const own = Number(style[kind + 'Opacity']);
    return [...colour.slice(0, 3), colour[3] * own * opacity(element, root)];
  };
  const holds = (shape, point) => shape.getCTM() && shape.isPointInFill(
    point.matrixTransform(shape.getScreenCTM().inverse()));

  const faults = [];
  for (const root of document.querySelectorAll('article svg[role=img]')) {
    const page = background(root);
    const name = root.getAttribute('aria-label')?.slice(0, 40);
    const shapes = [...root.querySelectorAll('path, rect, circle, polygon, use')]
      .filter(shape => !shape.closest('defs, clipPath'));
    const filled = shapes.filter(shape => shape.isPointInFill && paint(shape, root, 'fill')[3] > 0);
    for (const text of root.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
      const before = filled.filter(
        shape => shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING);
      const under = before.filter(shape => holds(shape, middle))
        .reduce((colour, shape) => over(paint(shape, root, 'fill'), colour), page);
      const ratio = contrast(over(paint(text, root, 'fill'), under), under);
      if (ratio < 4.5)
        faults.push(`${name}: text "${text.textContent.trim()}" ${ratio.toFixed(2)}`);
    }
    const strokes = new Map();
    for (const shape of shapes) {
      const colour = paint(shape, root, 'stroke');
      if (colour[3] > 0.5) strokes.set(colour.join(), contrast(over(colour, page), page));
    }
    for (const [colour, ratio] of strokes)
      if (ratio < 3) faults.push(`${name}: stroke ${colour} ${ratio.toFixed(2)}`);
  }
  return faults;
}"""

OVERFLOW = """() => {
  const excess = document.documentElement.scrollWidth - innerWidth;
  return excess > 0 ? [`the page is ${excess} px wider than the window`] : [];
}"""

CLIPPED = """() => {
  const reachable = element => {
    for (; element; element = element.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) &&
        element.getBoundingClientRect().right <= innerWidth + 1) return true;
    return false;
  };
  return [...document.querySelectorAll('article *')]
    .filter(e => !e.closest('svg, math') || e.matches('svg, math'))
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
    .filter(e => !reachable(e))
    .map(e => 'cut off at the right: ' + e.outerHTML.slice(0, 80));
}"""

# On paper nothing can be scrolled to.
PRINTED = """() => [...document.querySelectorAll('article *')]
  .filter(e => (!e.closest('svg, math') || e.matches('svg, math')) && e.checkVisibility())
  .filter(e => e.getBoundingClientRect().width && e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => 'off the paper: ' + e.outerHTML.slice(0, 80))"""

SHIFT = """() => new Promise(done => {
  let shift = 0;
  const add = entries => entries.filter(e => !e.hadRecentInput).forEach(e => { shift += e.value; });
  const observer = new PerformanceObserver(list => add(list.getEntries()));
  observer.observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => {
    add(observer.takeRecords());
    done(shift);
  }, 50));
})"""

# A sheet of another host cannot even be read.
FONTS = """() => {
  const foreign = address => new URL(address, document.baseURI).origin !== location.origin;
  return [...document.styleSheets].flatMap(sheet => {
    if (sheet.href && foreign(sheet.href)) return ['a style sheet from ' + sheet.href];
    return [...sheet.cssRules].filter(rule => rule instanceof CSSFontFaceRule)
      .flatMap(rule => [...rule.style.getPropertyValue('src').matchAll(/url\\("?([^")]+)/g)])
      .map(([, address]) => new URL(address, sheet.href ?? document.baseURI))
      .filter(address => address.protocol !== 'data:' && foreign(address))
      .map(address => 'a font from ' + address);
  });
}"""

# axe-core takes its time for every element. A drawing is one image to it. Of text that looks alike
# in surroundings that look alike, every further piece could only be found wrong once more. A space
# stands in its place: words that join would make a table wider than it is.
PRUNE = """() => {
  for (const drawing of document.querySelectorAll('svg')) drawing.replaceChildren();
  const seen = new Set(), looks = new Map();
  const look = element => {
    if (element === document.body || looks.has(element)) return looks.get(element) ?? '';
    const style = getComputedStyle(element);
    looks.set(element, [element.tagName, style.color, style.backgroundColor, style.backgroundImage,
      style.opacity, style.fontSize, style.fontWeight, style.textDecorationLine,
      element.getAttribute('role'), element.tabIndex].join() + '<' + look(element.parentElement));
    return looks.get(element);
  };
  const pieces = [...document.querySelectorAll(
    'article math, article :is(a[href], br, code, em, p, small, span, strong)')];
  for (const piece of pieces) look(piece);
  for (const piece of pieces.reverse()) {
    const plain = piece.matches('math') || !piece.childElementCount;
    const empty = piece.matches('a') && !piece.textContent.trim();
    if (!plain || empty || piece.id || piece.matches('[aria-label], [aria-labelledby]')) continue;
    if (piece.closest('summary, button, label, th, h1, h2, h3, h4, h5, h6')) continue;
    if (seen.has(looks.get(piece))) piece.replaceWith(' ');
    seen.add(looks.get(piece));
  }
}"""

AXE = """async rules => {
  const options = {runOnly: rules, resultTypes: ['violations'], elementRef: false};
  const {violations} = await axe.run(document, options);
  return violations.flatMap(v => v.nodes.map(node => `${v.id}: ${node.html.slice(0, 120)}`));
}"""


def unset_formulas(page):
    """Find formulas that are no MathML, are not shown, or are not set in the math font."""
    return page.evaluate(FORMULAS, "STIX Two Math")


def hidden_figures(page):
    """Find figures without a drawing that can be seen."""
    return page.evaluate(FIGURES)


def pale_drawings(page):
    """Find text and lines of drawings with too little contrast (WCAG 2.1: 4.5 and 3)."""
    return page.evaluate(DRAWINGS)


def overflowing(page):
    """Find out whether the page scrolls sideways."""
    return page.evaluate(OVERFLOW)


def clipped(page):
    """Find what reaches out of the window and cannot be scrolled to."""
    return page.evaluate(CLIPPED)


def foreign_fonts(page):
    """Find fonts and style sheets that another host would have to send."""
    return page.evaluate(FONTS)


def off_paper(page):
    """Find what reaches out of the paper, in a window as wide as its text and in print."""
    return page.evaluate(PRINTED)


def layout_shift(page):
    """Give the cumulative layout shift since the page was opened."""
    return page.evaluate(SHIFT)


def inaccessible(page, rules=WCAG):
    """Find violations of WCAG 2.1, levels A and AA; afterwards the page is no longer whole."""
    page.evaluate(PRUNE)
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(AXE, rules)
