/** The part of dynalite that checks the condition of a write, and returns an error if it does not hold. */
export interface Conditions {
  checkConditional(data: Readonly<Record<string, unknown>>, existing: object | undefined): Failed | undefined;
}

interface Failed {
  readonly body: Record<string, unknown>;
}

const PARAMETER = 'ReturnValuesOnConditionCheckFailure';

/** Makes dynalite support `ReturnValuesOnConditionCheckFailure`: its writes ask `conditions` under the lock of the item. */
export function returnFailed(
  conditions: Conditions,
  actions: ReadonlyMap<string, { readonly types: Record<string, unknown> }>,
): void {
  for (const name of ['PutItem', 'UpdateItem', 'DeleteItem']) {
    const action = actions.get(name);
    if (action) action.types[PARAMETER] = { type: 'String', enum: ['ALL_OLD', 'NONE'] };
  }
  const check = conditions.checkConditional.bind(conditions);
  conditions.checkConditional = (data, existing) => {
    const failed = check(data, existing);
    if (failed && existing && data[PARAMETER] === 'ALL_OLD') failed.body['Item'] = existing;
    return failed;
  };
}
