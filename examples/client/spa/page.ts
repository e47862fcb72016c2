/** Just enough of a user interface; yours is React, Svelte, Vue or whatever you like. */
const element = <Name extends keyof HTMLElementTagNameMap>(name: Name, more: object = {}) =>
  Object.assign(document.createElement(name), more);

export const say = (text: string): void => {
  const status = document.querySelector('[role=status]');
  if (status) status.textContent = text;
};

export const show = (...forms: readonly HTMLFormElement[]): void =>
  document.querySelector('main')?.replaceChildren(...forms);

export function form(
  label: string,
  fields: Readonly<Record<string, string>>,
  act: (typed: Readonly<Record<string, string>>) => unknown,
): HTMLFormElement {
  const made = element('form');
  for (const [name, text] of Object.entries(fields)) {
    const input = element('input', { name, required: true, type: name === 'password' ? 'password' : 'text' });
    const labelled = element('label', { textContent: `${text} ` });
    labelled.append(input);
    made.append(labelled);
  }
  made.append(element('button', { textContent: label }));
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    act(Object.fromEntries(new FormData(made)) as Record<string, string>);
  });
  return made;
}

/** A question in the middle of something else. */
export const ask = (destination = 'you'): Promise<string> =>
  new Promise((resolve) => {
    const question = form('Confirm', { code: `Code sent to ${destination}` }, ({ code = '' }) =>
      resolve(code),
    );
    show(question);
  });
