export default Object.assign((app, { registerDrawbridge }) => registerDrawbridge(app), {
  [Symbol.for('skip-override')]: true
})
