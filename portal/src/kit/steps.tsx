/** Where one is in a few steps. */
export function Steps({ names, current }: { readonly names: readonly string[]; readonly current: number }) {
  return (
    <ol class="steps">
      {names.map((name, index) => (
        <li
          key={name}
          class={index < current ? 'past' : ''}
          aria-current={index === current ? 'step' : undefined}
        >
          {name}
        </li>
      ))}
    </ol>
  );
}
