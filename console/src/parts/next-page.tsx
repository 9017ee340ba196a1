import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';

interface NextPageProps {
  readonly cursor: string | undefined;
  readonly next: string | undefined;
  readonly go: (cursor: string | undefined) => void;
  /** @default Newest */
  readonly first?: string;
  /** @default Older */
  readonly further?: string;
}

/** Steps through a list of unknown length. Each page has a URL, so the back button leads to the page before. */
export function NextPage({ cursor, next, go, first = 'Newest', further = 'Older' }: NextPageProps) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button variant="inline-link" disabled={cursor === undefined} onClick={() => go(undefined)}>
        {first}
      </Button>
      <Button variant="inline-link" disabled={next === undefined} onClick={() => go(next)}>
        {further}
      </Button>
    </SpaceBetween>
  );
}
