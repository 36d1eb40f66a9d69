import type { Brand } from './brand.ts'

interface TheatreLogoProps {
  readonly theatre: { readonly name: string; readonly settings: { readonly brand: Brand } }
  readonly className?: string
}

/** A theatre's logo, where it has one that lies here: nothing is loaded from another host. */
export function TheatreLogo({ theatre: { name, settings }, className = '' }: TheatreLogoProps) {
  const { logoUrl } = settings.brand
  if (logoUrl === null || !logoUrl.startsWith('/media/')) return null
  return <img src={logoUrl} alt={name} className={`theatre-logo ${className}`} />
}
