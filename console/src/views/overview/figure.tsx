import Box from '@cloudscape-design/components/box';
import { To } from '../../url/to.tsx';

interface FigureProps {
  /** Undefined while it is being read, or if it cannot be. */
  readonly of: string | undefined;
  readonly path: string;
  readonly isBad?: boolean;
}

/** A large figure that leads to what it counts. */
export function Figure({ of, path, isBad = false }: FigureProps) {
  return (
    <Box fontSize="display-l" fontWeight="bold" color={isBad ? 'text-status-error' : 'inherit'}>
      <To path={path} variant="awsui-value-large">
        {of ?? '–'}
      </To>
    </Box>
  );
}
