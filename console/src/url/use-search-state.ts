import { useMemo } from 'react';
import type { z } from 'zod';
import { useLocation, useSearch } from 'wouter';
import { changeSearch, parseSearch, type SearchState } from './search.ts';

type Shape = Readonly<Record<string, z.ZodType>>;
type Changes<Fields extends Shape> = { readonly [Name in keyof Fields]?: string | number | undefined };

/**
 * The state of a view that its URL holds, so that it can be sent to others and the back button works.
 * @param shape a constant, since a new object would be parsed at each render
 */
export function useSearchState<Fields extends Shape>(
  shape: Fields,
): SearchState<Fields> & { readonly change: (changes: Changes<Fields>, how?: { readonly replace?: boolean }) => void } {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => parseSearch(shape, search), [shape, search]);
  return {
    ...state,
    change: (changes, how = {}) => {
      const next = changeSearch(search, changes);
      navigate(next === '' ? path : `${path}?${next}`, how);
    },
  };
}
