// The events of the log and what each carries.
// Written by `make docs`; change the table it comes from.

export interface Events {
  "person.changed": { person: string | null };
  "device.changed": { device: string | null };
  "device.heard": { device: string | null; warehouse: number | null };
  "device.storage_lost": { device: string | null; epoch: string | null };
  "key.changed": { key: string | null };
  "session.opened": { session: string | null; person: string | null };
  "session.ended": { session: string | null; person: string | null };
  "item.changed": { item: string | null };
  "bin.changed": { bin: string | null };
  "message.changed": { order: string | null; message: string | null; state: string | null };
  "customer.merged": { customer: string | null; other: string | null };
  "rules.changed": { kind: string | null; version: number | null };
  "order.captured": { order: string | null; number: number | null };
  "order.held": { order: string | null; number: number | null; warehouse: number | null; hold: string | null; reason: string | null };
  "order.hold_released": { order: string | null; number: number | null; warehouse: number | null; hold: string | null; reason: string | null };
  "hold.escalated": { order: string | null; number: number | null; warehouse: number | null; hold: string | null; owner: string | null };
  "order.cancelled": { order: string | null; number: number | null };
  "order.status_changed": { order: string | null; number: number | null; warehouse: number | null; status: string | null };
  "order.edited": { order: string | null; number: number | null; warehouse: number | null; what: string | null };
  "order.repromised": { order: string | null; number: number | null; warehouse: number | null; day: string | null };
  "job.changed": { job: string | null };
  "payment.intended": { order: string | null; intent: string | null; kind: string | null };
  "payment.answered": { order: string | null; intent: string | null; kind: string | null; state: string | null };
  "fulfilment.created": { fulfilment: string | null; order: string | null };
  "fulfilment.redirected": { fulfilment: string | null; order: string | null; what: string | null };
  "fulfilment.changed": { fulfilment: string | null; order: string | null };
  "line.cancelled": { fulfilment: string | null; line: string | null; order: string | null; quantity: number | null; reserved: number | null; picked: number | null; packed: number | null };
  "line.backordered": { fulfilment: string | null; line: string | null; order: string | null; quantity: number | null; reason: string | null };
  "wave.released": { wave: string | null; number: number | null };
  "wave.changed": { wave: string | null };
  "tour.offered": { tour: string | null; person: string | null };
  "tour.changed": { tour: string | null; person: string | null };
  "tour.finished": { tour: string | null; person: string | null };
  "task.opened": { task: string | null; kind: string | null };
  "task.changed": { task: string | null; kind: string | null };
  "task.done": { task: string | null; kind: string | null };
  "pick.shorted": { task: string | null; bin: string | null; item: string | null; missing: number | null; reason: string | null };
  "fact.set_aside": { fact: string | null; device: string | null };
  "fact.decided": { fact: string | null; state: string | null };
  "carton.changed": { carton: string | null; fulfilment: string | null; station: string | null };
  "carton.closed": { carton: string | null; fulfilment: string | null };
  "carton.voided": { carton: string | null; fulfilment: string | null };
  "label.wanted": { carton: string | null; fulfilment: string | null };
  "station.changed": { station: string | null };
  "shipment.closed": { shipment: string | null; fulfilment: string | null; order: string | null };
  "print.queued": { job: string | null; printer: string | null };
  "print.changed": { job: string | null; printer: string | null; state: string | null };
  "print.moved": { job: string | null; printer: string | null; before: string | null };
  "printer.changed": { printer: string | null; condition: string | null };
}

export type EventName = keyof Events;
