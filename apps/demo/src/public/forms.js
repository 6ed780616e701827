import { explain } from './explain.js'
import { showOutcome } from './responses.js'

/**
 * Sends a form when its user does, and shows beside it what came of it.
 *
 * @param act does one piece of work at a time, and calls what that resolves with once the page is up to date.
 * @param submit gets the fields, and resolves with the response.
 * @param succeed says in a sentence what a response means that is ok, and in which box; by default in the form's own.
 */
export function bindForm(form, act, submit, succeed) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void act(form, async () => {
      clearMarks(form)
      const response = await submit(new FormData(form))
      return () => (response.ok ? showSuccess(form, response, succeed) : showFailure(form, response))
    })
  })
}

/** The box for responses that belongs to a form. */
export const boxOf = (form) => form.parentElement.querySelector('.response')

/** Forgets what was typed, and shows what came of it elsewhere or not at all. */
export function clearForm(form) {
  form.reset()
  clearMarks(form)
  boxOf(form).querySelector('output').replaceChildren()
}

function showSuccess(form, response, succeed) {
  form.reset()
  const { text, box = boxOf(form) } = succeed(response)
  showOutcome(box, { text, response })
}

/** The field that an error is about is marked, and has the focus. */
function showFailure(form, response) {
  const { text, fields } = explain(response)
  const box = boxOf(form)
  showOutcome(box, { text, response })
  const field = fields.map((name) => form.querySelector(`[name="${name}"]`)).find((each) => each !== null)
  if (field === undefined) return
  const output = box.querySelector('output')
  output.id ||= `${field.id}-error`
  field.setAttribute('aria-invalid', 'true')
  field.setAttribute('aria-errormessage', output.id)
  field.focus({ preventScroll: true })
}

function clearMarks(form) {
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid')
    field.removeAttribute('aria-errormessage')
  }
}
