// What tap counts coverage of: the source of the packages, as run by the packages' own tests. The
// tests of apps/demo drive whole processes and end some of them with kill -9, so that what they would
// add depends on timing; those of scripts/ have no package source to run.
const source = ['packages/*/src/**/*.ts']
const counted = /^packages\/|^scripts\/test\/every-source-file/

export default (testFile) => (counted.test(testFile) ? source : null)
