import { useEffect } from 'react'
import { brandVariables } from './brand.ts'
import type { Brand, Theme } from './brand.ts'
import { familyOf, isTypeface, typefaces } from './typefaces.ts'

function themeNow(): Theme {
  return document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark'
}

/** While a page of a theatre is shown, it wears that theatre's colours and typeface, in whichever theme. */
export function useBrand(brand: Brand | undefined): void {
  useEffect(() => {
    if (!brand) return undefined
    const root = document.documentElement
    let worn: string[] = []
    const takeOff = () => {
      for (const name of worn) root.style.removeProperty(name)
      worn = []
    }
    const wear = () => {
      takeOff()
      const family = familyOf(brand.typeface)
      const variables = { ...brandVariables(brand, themeNow()), ...(family !== null && { '--font-sans': family }) }
      for (const [name, value] of Object.entries(variables)) root.style.setProperty(name, value)
      worn = Object.keys(variables)
    }
    if (isTypeface(brand.typeface)) void typefaces[brand.typeface]()
    wear()
    const themes = new MutationObserver(wear)
    themes.observe(root, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      themes.disconnect()
      takeOff()
    }
  }, [brand])
}
