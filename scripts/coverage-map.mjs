// Coverage counts the source of the packages, as run by the packages' own tests. The tests of apps/demo run whole
// processes and stop some of them with kill -9, so their coverage would depend on timing; those of scripts/ run no
// package source.
const source = ['packages/*/src/**/*.ts']
const counted = /^packages\/|^scripts\/test\/every-source-file/

export default (testFile) => (counted.test(testFile) ? source : null)
