/** Characters that a block shows. More would make the page slow; the whole lies in the API. */
const MAX_SHOWN = 50_000;

/** Text of documents, models and people as it is, never as markup. Anything but text is shown as JSON. */
export function Verbatim({ value, label }: { readonly value: unknown; readonly label: string }) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  const left = text.length - MAX_SHOWN;
  return (
    // A region that scrolls must take the focus, so that the arrow keys reach all of it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="verbatim" aria-label={label} tabIndex={0}>
      <pre>{left > 0 ? `${text.slice(0, MAX_SHOWN)}\n… ${left} characters more` : text}</pre>
    </section>
  );
}
