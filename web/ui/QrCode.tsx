import { encodeQR } from 'qr'
import { useMemo } from 'react'

interface QrCodeProps {
  readonly text: string
  /** What a screen reader says. */
  readonly label: string
  readonly className?: string
}

/** Modules of quiet around the code. Source: ISO/IEC 18004. */
const quietModules = 4

/** A text as a QR code, drawn here: dark on white, so that it reads in any theme and light. */
export function QrCode({ text, label, className = '' }: QrCodeProps) {
  const picture = useMemo(() => encodeURIComponent(encodeQR(text, 'svg', { border: quietModules })), [text])
  return <img src={`data:image/svg+xml,${picture}`} alt={label} className={`rounded-lg bg-white ${className}`} />
}
