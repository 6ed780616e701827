// Servers under test run what users install: the built packages, by the `exports` of the published manifest. From
// source through tsx, esbuild would set the name of each function that a request creates, which costs as much as what
// is measured here.
import { register } from 'node:module'

register('./built-packages-hook.mjs', import.meta.url)
