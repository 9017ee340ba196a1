import type { Route } from '../http/route.ts';
import { appRoutes } from './app.ts';
import { checkRunRoutes } from './check-runs.ts';
import { commentRoutes } from './comments.ts';
import { contentRoutes } from './contents.ts';
import { deliveryRoutes } from './deliveries.ts';
import { issueCommentRoutes } from './issue-comments.ts';
import { pullRoutes } from './pulls.ts';
import { reviewRoutes } from './reviews.ts';

/** All operations that are simulated. The first that matches a request handles it. */
export const routes: readonly Route[] = [
  ...appRoutes,
  ...deliveryRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...commentRoutes,
  ...issueCommentRoutes,
  ...checkRunRoutes,
  ...contentRoutes,
];
