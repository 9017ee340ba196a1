import { Page } from '../parts/page.tsx';
import { To } from '../url/to.tsx';

/** A URL that no view has. */
export function NotFound() {
  return (
    <Page title="No such page">
      <p>
        Nothing is at this address. Start at the <To path="/">overview</To>.
      </p>
    </Page>
  );
}
