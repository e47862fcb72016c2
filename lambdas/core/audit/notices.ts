/** Claims a notice for one event, so that a repeated delivery sends no second mail. */
export interface NoticeLedger {
  /** True for exactly one caller per event, and again once its claim was released or ran out. */
  claim(eventId: string): Promise<boolean>;
  /** The mail was handed over: never again for this event. */
  settle(eventId: string): Promise<void>;
  /** The mail could not be handed over: the next delivery may try. */
  release(eventId: string): Promise<void>;
}
