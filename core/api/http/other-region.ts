import { homeOfTask, type Homes } from '../../regions/home.ts';
import { unavailable } from './problem.ts';

/**
 * Some things are done by the API of one region alone, such as reading from its bucket. Throws `ApiProblem` in the others,
 * after which our client asks the next region.
 * @param id names the region, as the ids of runs and tasks do
 * @param field the field of the request that decides
 * @param remedy what else the caller can do @default nothing
 */
export function requireHere(homes: Homes | undefined, id: string, field: string, remedy = ''): void {
  const home = homes ? homeOfTask(id, homes.names) : 0;
  if (!homes || home === homes.here) return;
  const name = homes.names[home] ?? '';
  throw unavailable(`This belongs to the region ${name}, and only the API of that region can do it.`, [
    {
      field,
      message: `belongs to the region ${name}`,
      remedy: `Send the request to the API of ${name}.${remedy === '' ? '' : ` ${remedy}`}`,
    },
  ]);
}
