import { useEffect, useId, useRef, useState } from 'react'
import type { DragEvent, ReactNode } from 'react'
import { maximumPosterBytes } from './upload-poster.ts'
import { useFilmWords } from './words/index.ts'

const accepted = 'image/jpeg,image/png,image/webp,image/avif'
const width = 360
const height = 540

interface PosterFieldProps {
  /** What is there already. */
  readonly current: ReactNode
  readonly chosen: File | null
  readonly choose: (picture: File) => void
  /** How much has been sent, in hundredths; null while nothing is. */
  readonly sentPercent: number | null
}

/** A poster by drop or by choice; it is shown at once, as it will be cut. */
export function PosterField({ current, chosen, choose, sentPercent }: PosterFieldProps) {
  const { t } = useFilmWords()
  const id = useId()
  const [isOver, setOver] = useState(false)
  const [problem, setProblem] = useState<'poster_unreadable' | 'poster_large' | null>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    if (file.size > maximumPosterBytes) {
      setProblem('poster_large')
      return
    }
    const isPicture = await readable(file)
    setProblem(isPicture ? null : 'poster_unreadable')
    if (isPicture) choose(file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  return (
    <div
      className="poster-drop"
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className="relative w-full">
        {chosen ? <Preview picture={chosen} /> : current}
        {sentPercent !== null && (
          <progress
            className="poster-progress"
            max={100}
            value={sentPercent}
            aria-label={t('poster_sending', { percent: sentPercent })}
          />
        )}
      </div>
      <label htmlFor={id} className="poster-choose">
        {t('poster_drop')}
        <input
          id={id}
          type="file"
          accept={accepted}
          className="sr-only"
          aria-label={t('poster_choose')}
          aria-describedby={`${id}-hint`}
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </label>
      <output id={`${id}-hint`} className="text-sm text-soft">
        {problem ? t(problem) : chosen ? t('poster_new') : t('poster_hint')}
      </output>
    </div>
  )
}

async function readable(file: File): Promise<boolean> {
  try {
    const picture = await createImageBitmap(file)
    picture.close()
    return true
  } catch {
    return false
  }
}

/** Drawn, not linked: the policy of the page lets no blob be a picture. */
function Preview({ picture }: { readonly picture: File }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let isLeft = false
    const draw = async () => {
      const bitmap = await createImageBitmap(picture)
      const scale = Math.max(width / bitmap.width, height / bitmap.height)
      const [w, h] = [bitmap.width * scale, bitmap.height * scale]
      if (!isLeft) canvas.current?.getContext('2d')?.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h)
      bitmap.close()
    }
    void draw()
    return () => {
      isLeft = true
    }
  }, [picture])
  return (
    <canvas ref={canvas} width={width} height={height} className="poster w-full">
      {picture.name}
    </canvas>
  )
}
