/** The person closed the dialog: the change did not happen, and nothing is wrong. */
export class StepUpCancelled extends Error {
  constructor() {
    super('the person did not prove that it is them');
    this.name = 'StepUpCancelled';
  }
}
