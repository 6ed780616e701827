// Loads the module of an example, and lets its driver call what it declares. Connections and timers may stay open: most
// examples are services.
const [module, driver] = process.argv.slice(2)
const declared = await import(module)
const { default: drive = () => {}, endsByItself = false } = driver === undefined ? {} : await import(driver)
await drive(declared, module)
if (!endsByItself) process.exit()
