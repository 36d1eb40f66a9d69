import type { Page } from 'playwright-core'
import { cutOff } from './places.ts'

/** Everything that does not fit on a page as it is, a line each: it is too wide, or cut off, or outside of its control, or over another. */
export async function misfits(page: Page): Promise<string[]> {
  return [...(await cutOff(page, 'page')), ...(await outside(page)), ...(await onTop(page))]
}

/** Words that stand beside their control, and choices that their list has no room to show. */
async function outside(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const range = document.createRange()
    const leaves = (element: HTMLElement) => {
      const { left, right } = element.getBoundingClientRect()
      return [...element.childNodes].some((node) => {
        if (node.nodeType !== 3 || !node.nodeValue?.trim()) return false
        range.selectNodeContents(node)
        const text = range.getBoundingClientRect()
        return text.width > 0 && (text.left < left - 1 || text.right > right + 1)
      })
    }
    const shows = (element: Element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    const blocks = [...document.querySelectorAll<HTMLElement>('a, button, label, summary, th, td, dt, dd, legend')]
    const stray = blocks.filter(
      (each) =>
        shows(each) && !each.closest('svg, .sr-only') && getComputedStyle(each).display !== 'inline' && leaves(each),
    )
    const canvas = document.createElement('canvas').getContext('2d')
    const short = [...document.querySelectorAll('select')].filter((each) => {
      const { font, paddingLeft, paddingRight, textOverflow } = getComputedStyle(each)
      const chosen = each.selectedOptions[0]?.label
      if (!canvas || chosen === undefined || !shows(each) || textOverflow === 'ellipsis') return false
      canvas.font = font
      const room = each.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
      return canvas.measureText(chosen).width > room + 2
    })
    return [
      ...stray.map((each) => `outside of its ${each.localName}: ${each.innerText.slice(0, 80)}`),
      ...short.map((each) => `more than its list shows: ${each.selectedOptions[0]?.label}`),
    ]
  })
}

/** Controls of one row that lie over each other. */
async function onTop(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('a, button, select, input')].filter((each) => {
      const { display, position } = getComputedStyle(each)
      return display !== 'inline' && position === 'static' && each.checkVisibility()
    })
    const boxes = new Map(controls.map((each) => [each, each.getBoundingClientRect()]))
    const overlaps = (one: DOMRect, other: DOMRect) =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2
    return controls.flatMap((each) => {
      const next = each.nextElementSibling
      const box = boxes.get(each)
      const other = next instanceof HTMLElement ? boxes.get(next) : undefined
      return box && other && overlaps(box, other) ? [`over what follows it: ${each.innerText.slice(0, 80)}`] : []
    })
  })
}

/** Everything that a page says: in letters, and to whoever listens. */
export async function textsOf(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const said = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { parentElement, nodeValue } = walker.currentNode
      // A currency, a time zone or a typeface is called the same everywhere.
      const isName =
        parentElement instanceof HTMLOptionElement && parentElement.value.replaceAll('_', ' ') === nodeValue
      if (!isName && !parentElement?.closest('noscript, script')) said.push(nodeValue ?? '')
    }
    for (const attribute of ['aria-label', 'title', 'alt', 'placeholder']) {
      for (const each of document.querySelectorAll(`[${attribute}]`)) said.push(each.getAttribute(attribute) ?? '')
    }
    return [...new Set(said.map((each) => each.trim()))]
  })
}
