import { account, cookiesOf, expect } from '../sign-in.mjs'

const NAVIGATION = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-mode': 'navigate' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }

/** Follows the links and forms of the pages as a browser would: redirected to sign in, back to where it was going, and out. */
export default async function pages({ app, credentials }) {
  await credentials.register(account)
  const get = (url, cookie = '') => app.inject({ url, headers: { ...NAVIGATION, cookie } })
  const post = (url, fields, headers) =>
    app.inject({
      method: 'POST',
      url,
      headers: { ...FORM, ...headers },
      payload: new URLSearchParams(fields).toString()
    })
  const redirect = async (location, pending) => {
    const response = await expect(303, pending)
    if (response.headers.location !== location) throw new Error(`redirected to ${response.headers.location}`)
    return response
  }
  const page = await redirect('/login?next=%2Forders%3Fpage%3D2', get('/orders?page=2'))
  const { location } = page.headers
  const { body } = await expect(200, get(location))
  if (/<form[^>]*action/.test(body)) throw new Error('the form has an action')

  const wrong = `${location.replace('?', '?error=invalid-credentials&')}`
  await redirect(wrong, post(location, { ...account, password: 'a guess of some length' }))
  const failed = await expect(200, get('/login?error=invalid-credentials'))
  if (!failed.body.includes('Wrong name or password.')) throw new Error(failed.body)
  const unknown = await expect(200, get('/login?error=%3Cscript%3E'))
  if (unknown.body.includes('<script>')) throw new Error(unknown.body)

  const cookie = cookiesOf(await redirect('/orders?page=2', post(location, account)))
  const orders = await expect(200, get('/orders?page=2', cookie))
  if (!orders.body.includes('Orders of ada')) throw new Error(orders.body)
  await redirect('/', get('/login?next=%2F%2Fevil.example', cookie))
  await redirect('/orders', get('/login?next=%2Forders', cookie))
  await redirect('/login', get('/login?next=%2Flogin', cookie))
  await redirect('/', get('/login', cookie))
  await redirect('/orders', post('/orders', { item: 'tea' }, { cookie }))
  await expect(401, post('/orders', { item: 'tea' }))
  const stranger = { 'sec-fetch-site': 'cross-site' }
  for (const url of ['/login', '/logout', '/orders'])
    await expect(403, post(url, account, { cookie, ...stranger }))
  await redirect('/', post('/logout', {}, { cookie }))
  await redirect('/login?next=%2Forders', get('/orders', cookie))
}
