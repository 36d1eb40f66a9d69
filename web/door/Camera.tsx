import { useEffect, useRef, useState } from 'react'
import { Notice } from '../ui/states.tsx'
import { useDoorWords } from './words/index.ts'

interface CameraProps {
  readonly onCode: (code: string) => void
  readonly close: () => void
}

const lookEveryMs = 150
/** A code that stays in the picture is one scan. */
const sameCodeMs = 3000

/** The browser's own reader of codes where it has one, else a small one of ours. */
async function makeDetector(): Promise<CodeDetector> {
  const options: { formats: ['qr_code'] } = { formats: ['qr_code'] }
  if (typeof BarcodeDetector !== 'undefined' && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
    return new BarcodeDetector(options)
  }
  const { BarcodeDetector: Own } = await import('qr/decode.js')
  return new Own(options)
}

/** Looks at what the video shows until it is stopped; tells each code once while it stays in sight. */
function watch(video: HTMLVideoElement, detector: CodeDetector, tell: (code: string) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = { code: '', at: 0 }
  const look = async () => {
    try {
      const [found] = video.readyState >= video.HAVE_CURRENT_DATA ? await detector.detect(video) : []
      const now = performance.now()
      if (found !== undefined) {
        if (found.rawValue !== last.code || now - last.at > sameCodeMs) tell(found.rawValue)
        last = { code: found.rawValue, at: now }
      }
    } catch {
      // A picture that cannot be read is followed by another.
    }
    timer = setTimeout(() => void look(), lookEveryMs)
  }
  void look()
  return () => clearTimeout(timer)
}

/** The phone's camera as a scanner. */
export function Camera({ onCode, close }: CameraProps) {
  const { t } = useDoorWords()
  const video = useRef<HTMLVideoElement>(null)
  const [isRefused, setRefused] = useState(false)
  const tell = useRef(onCode)
  useEffect(() => {
    tell.current = onCode
  })
  useEffect(() => {
    const place = video.current
    if (!place) return undefined
    let stop = () => {}
    let isLeft = false
    const start = async () => {
      const picture = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } }
      const stream = await navigator.mediaDevices.getUserMedia({ video: picture, audio: false })
      const end = () => stream.getTracks().forEach((track) => track.stop())
      if (isLeft) return end()
      stop = end
      place.srcObject = stream
      await place.play()
      const unwatch = watch(place, await makeDetector(), (code) => tell.current(code))
      stop = () => {
        unwatch()
        end()
      }
      return undefined
    }
    start().catch(() => setRefused(!isLeft))
    return () => {
      isLeft = true
      stop()
    }
  }, [])
  if (isRefused) {
    return (
      <Notice tone="bad" title={t('camera_refused')}>
        <p>{t('camera_refused_text')}</p>
        <button type="button" className="button" onClick={close}>
          {t('camera_off')}
        </button>
      </Notice>
    )
  }
  return (
    <div className="relative overflow-hidden rounded-2xl bg-black">
      <video
        ref={video}
        muted
        playsInline
        aria-label={t('camera_picture')}
        className="max-h-[45dvh] w-full object-cover"
      />
      <button type="button" className="button absolute end-3 top-3 bg-raised" onClick={close}>
        {t('camera_off')}
      </button>
    </div>
  )
}
