/** An element with a text or with children. Never HTML: what the server sends is shown as it is. */
export function element(name, { className = '', text, children = [], ...attributes } = {}) {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  if (text !== undefined) made.textContent = text
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.append(...children)
  return made
}

/** The term, the value and the meaning of one fact, for a `dl`. The value is a text or an element. */
export function fact(term, value, meaning) {
  return element('div', {
    children: [
      element('dt', { children: [element('code', { text: term })] }),
      element('dd', { className: 'value', children: [value] }),
      ...(meaning === undefined ? [] : [element('dd', { className: 'meaning', text: meaning })])
    ]
  })
}

/** 90 is `1 min 30 s`; of larger units, the two largest. */
export function formatSeconds(seconds) {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's']
  ]
  let rest = Math.max(0, Math.floor(seconds))
  const parts = []
  for (const [size, name] of units) {
    if (rest >= size && parts.length < 2) parts.push(`${Math.floor(rest / size)} ${name}`)
    rest %= size
  }
  return parts.length === 0 ? '0 s' : parts.join(' ')
}

export const formatTime = (ms) =>
  new Date(ms).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
