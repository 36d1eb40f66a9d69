import type { OperationShape } from '../../contract/operation.ts'

/**
 * The path of the operation that reads what this one makes (RFC 9110, section 10.2.2), below the base path and with its
 * parameters in braces; null where nothing reads it. What is made in a list of another thing may have a path of its own:
 * `/theatres/{id}/auditoriums` makes `/auditoriums/{id}`.
 */
export function readerOf(shape: OperationShape, all: Iterable<OperationShape>): string | null {
  if (shape.method !== 'POST' || shape.answer.status !== 201) return null
  const lists = [shape.path, shape.path.slice(shape.path.lastIndexOf('/'))]
  for (const { method, path } of all) {
    if (
      method === 'GET' &&
      lists.some((list) => /^\/\{\w+\}$/.test(path.slice(list.length)) && path.startsWith(list))
    ) {
      return path
    }
  }
  return null
}

/** Where the thing with this id is read: `params` are those of the path it was made under. */
export function placeOf(reader: string, params: Readonly<Record<string, string>>, id: string): string {
  const list = reader.slice(0, reader.lastIndexOf('/'))
  return `${list.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '')}/${id}`
}
