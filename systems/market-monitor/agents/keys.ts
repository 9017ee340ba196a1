/**
 * Partition keys of the system's table, by what an analyst's worker does with them. A model reads text of strangers there, so it
 * changes no portfolio, rule or digest, whatever becomes of its code. It may read all: policies of workers name the queues of
 * all pools, and with one more list some would need one more policy each, for which CloudFormation has no room in the stack.
 */
export function keysOfAnalyst(name: string) {
  const own = [`WINDOW#${name}#*`, 'ALERT#*', 'FIND#*', 'LATE#*'];
  // Of tasks that have an outcome.
  return { GetItem: ['*'], PutItem: own, UpdateItem: own, DeleteItem: ['FIND#*#TASKS'] };
}
