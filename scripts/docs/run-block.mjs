// Loads the module of an example, and lets its driver use what it declares. Connections and timers that the example
// leaves open do not matter: it is a service, or a part of one.
const [module, driver] = process.argv.slice(2)
const declared = await import(module)
const { default: drive = () => {}, endsByItself = false } = driver === undefined ? {} : await import(driver)
await drive(declared, module)
if (!endsByItself) process.exit()
