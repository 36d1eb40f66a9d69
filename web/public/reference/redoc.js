// @ts-nocheck: Redoc brings its own global.
Redoc.init('/openapi.json', {}, document.getElementById('redoc'))
