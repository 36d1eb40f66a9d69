/* What can be measured: `npm run bench -- [ratios|cost|flat|reports|listeners|overload] …`; the ratios where none is named. */
const [named] = process.argv.slice(2)

if (named === 'cost') await import('./cost.ts')
else if (named === 'flat') await import('./flat.ts')
else if (named === 'reports') await import('./reports.ts')
else if (named === 'listeners') await import('./listeners.ts')
else if (named === 'overload') await import('./overload.ts')
else await import('./ratios.ts')
process.exit()
