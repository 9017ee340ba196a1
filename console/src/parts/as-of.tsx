import Box from '@cloudscape-design/components/box';
import { clock } from './format.ts';
import type { Source } from './source.ts';

/** When the data of a page was read. */
export function AsOf({ source: { dataUpdatedAt } }: { readonly source: Source }) {
  return (
    <Box variant="span" color="text-body-secondary" fontSize="body-s">
      {dataUpdatedAt === 0 ? 'reading …' : `as of ${clock(dataUpdatedAt)}`}
    </Box>
  );
}
