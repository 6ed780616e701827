// Servers under test run what users install: the built packages, by the `exports` that publishing puts in place. From
// source through tsx each function that a request makes would be given its name by esbuild, which costs as much as
// what is measured here.
import { register } from 'node:module'

register('./built-packages-hook.mjs', import.meta.url)
