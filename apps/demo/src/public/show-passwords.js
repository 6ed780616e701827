import { element } from './elements.js'

/** A button beside each new password shows it, so that nobody has to type it twice. */
export function offerToShowPasswords() {
  for (const input of document.querySelectorAll('input[autocomplete="new-password"]')) {
    const button = element('button', {
      type: 'button',
      className: 'link',
      text: 'Show the password',
      'aria-controls': input.id
    })
    const show = (isShown) => {
      input.type = isShown ? 'text' : 'password'
      button.textContent = isShown ? 'Hide the password' : 'Show the password'
    }
    button.addEventListener('click', () => show(input.type === 'password'))
    // What is sent does not stay on the screen.
    input.form.addEventListener('submit', () => show(false))
    input.form.addEventListener('reset', () => show(false))
    input.parentElement.append(button)
  }
}
