import type { OperationShape } from '../../contract/operation.ts'

/**
 * What every answer of an operation carries that is on its way out, refusals as well; nothing for all others.
 * Sources: RFC 9745 (`Deprecation`, seconds since the epoch), RFC 8594 (`Sunset`, an HTTP date).
 */
export function deprecationHeaders({ deprecatedAt, sunsetAt }: OperationShape): Record<string, string> {
  if (deprecatedAt === undefined) return {}
  return {
    deprecation: `@${Date.parse(deprecatedAt) / 1000}`,
    link: '</help/api-policy>; rel="deprecation"; type="text/html"',
    ...(sunsetAt !== undefined && { sunset: new Date(sunsetAt).toUTCString() }),
  }
}
