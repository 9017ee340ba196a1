import type { HoldView } from '#core/api/pools/messages.ts';
import { Age } from '../../parts/age.tsx';
import { Status } from '../../parts/status.tsx';

/** Whether something is held: by whom and why, and the steps of its resume that are left. */
export function Hold({ hold: { status, reason, by, since, until, steps } }: { readonly hold: HoldView }) {
  return (
    <>
      <Status of={status} />
      {reason !== undefined && <div>{reason}</div>}
      {by !== undefined && <div>by {by}</div>}
      {since !== undefined && <Age at={since} />}
      {until !== undefined && (
        <div>
          tries again <Age at={until} />
        </div>
      )}
      {steps?.map(({ percent, limit, until }) => (
        <div key={percent}>
          at most {limit === undefined ? `${percent} %` : `${limit} tasks`} at once; the step ends <Age at={until} />
        </div>
      ))}
    </>
  );
}
