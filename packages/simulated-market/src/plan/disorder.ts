import { barId } from '../events/item.ts';
import { barStart, type World } from './world.ts';

/** Bars that show an urgent move and come after the next bar, which shows it as well: by id. */
export function disorderedBars(world: World): Set<string> {
  const slides = world.stories.filter(({ kind }) => kind === 'slide');
  return new Set(
    slides.flatMap(({ instrument: { subject, cik } }) => {
      const interval = world.scripts.get(subject)?.crossings[0]?.interval;
      const path = world.paths.get(subject);
      if (interval === undefined || path === undefined) return [];
      return [barId(cik, barStart(world, path.movingBar(interval)), 0)];
    }),
  );
}
