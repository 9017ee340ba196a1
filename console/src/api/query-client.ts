import { QueryCache, QueryClient } from '@tanstack/react-query';
import { FleetError } from '#client/fleet-error.ts';
import { signedOut } from './signed-out.ts';

/** Whether the key may not read something, such as alarms without the scope `fleet`. Asking again changes nothing. */
export const isRefused = (error: Error | null): boolean => error instanceof FleetError && error.kind === 'not-allowed';

/** What the page has read. A key that the API rejects leads to the sign-in. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      if (error instanceof FleetError && error.status === 401) signedOut.set(true);
    },
  }),
  defaultOptions: {
    // The client has retried already, and a page that polls asks again.
    queries: { retry: false, staleTime: 1_000 },
    mutations: { retry: false },
  },
});
