import Spinner from '@cloudscape-design/components/spinner';
import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { NotFound } from './not-found.tsx';

// A view is loaded when it is opened first.
const Overview = lazy(async () => ({ default: (await import('../views/overview/overview.tsx')).Overview }));
const Tasks = lazy(async () => ({ default: (await import('../views/tasks/tasks.tsx')).Tasks }));
const Task = lazy(async () => ({ default: (await import('../views/task/task.tsx')).Task }));
const Runs = lazy(async () => ({ default: (await import('../views/runs/runs.tsx')).Runs }));
const Run = lazy(async () => ({ default: (await import('../views/run/run.tsx')).Run }));
const Pools = lazy(async () => ({ default: (await import('../views/pools/pools.tsx')).Pools }));
const Pool = lazy(async () => ({ default: (await import('../views/pools/pool.tsx')).Pool }));
const Sessions = lazy(async () => ({ default: (await import('../views/sessions/sessions.tsx')).Sessions }));
const Session = lazy(async () => ({ default: (await import('../views/sessions/session.tsx')).Session }));
const Escalations = lazy(async () => ({ default: (await import('../views/escalations/escalations.tsx')).Escalations }));
const BulkActions = lazy(async () => ({ default: (await import('../views/bulk/bulk-actions.tsx')).BulkActions }));
const BulkAction = lazy(async () => ({ default: (await import('../views/bulk/bulk-action.tsx')).BulkAction }));
const Logs = lazy(async () => ({ default: (await import('../views/logs/logs.tsx')).Logs }));
const Usage = lazy(async () => ({ default: (await import('../views/usage/usage.tsx')).Usage }));
const Alarms = lazy(async () => ({ default: (await import('../views/alarms/alarms.tsx')).Alarms }));
const Incident = lazy(async () => ({ default: (await import('../views/incident/incident.tsx')).Incident }));
const Alarm = lazy(async () => ({ default: (await import('../views/alarms/alarm.tsx')).Alarm }));
const Submit = lazy(async () => ({ default: (await import('../views/submit/submit.tsx')).Submit }));

/** Every view, by its URL. */
export function Routes() {
  return (
    <Suspense fallback={<Spinner size="large" />}>
      <Switch>
        <Route path="/" component={Overview} />
        <Route path="/tasks" component={Tasks} />
        <Route path="/tasks/:id">{({ id }) => <Task key={id} id={decodeURIComponent(id)} />}</Route>
        <Route path="/runs" component={Runs} />
        <Route path="/runs/:id">{({ id }) => <Run key={id} id={decodeURIComponent(id)} />}</Route>
        <Route path="/pools" component={Pools} />
        <Route path="/pools/:agent">{({ agent }) => <Pool key={agent} agent={decodeURIComponent(agent)} />}</Route>
        <Route path="/sessions" component={Sessions} />
        <Route path="/sessions/:id">{({ id }) => <Session key={id} id={decodeURIComponent(id)} />}</Route>
        <Route path="/escalations" component={Escalations} />
        <Route path="/bulk" component={BulkActions} />
        <Route path="/bulk/:id">{({ id }) => <BulkAction key={id} id={decodeURIComponent(id)} />}</Route>
        <Route path="/logs" component={Logs} />
        <Route path="/usage" component={Usage} />
        <Route path="/alarms" component={Alarms} />
        <Route path="/incident" component={Incident} />
        <Route path="/alarms/:name">{({ name }) => <Alarm key={name} name={decodeURIComponent(name)} />}</Route>
        <Route path="/submit" component={Submit} />
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  );
}
