export default Object.assign((app, { registerOurs }) => registerOurs(app), {
  [Symbol.for('skip-override')]: true
})
