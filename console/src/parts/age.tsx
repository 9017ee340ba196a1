import { age, moment } from './format.ts';
import { useNow } from './now.ts';

/** How long ago something was; the exact time is its title. */
export function Age({ at }: { readonly at: string | number }) {
  const now = useNow();
  return (
    <time className="id" dateTime={new Date(at).toISOString()} title={moment(at)}>
      {age(at, now)}
    </time>
  );
}
