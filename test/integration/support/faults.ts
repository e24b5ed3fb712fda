import type { Emulator, Fault } from '../../support/emulator';

export function status(code: number, more: object = {}): Fault {
	return { kind: 'status', status: code, json: { detail: `status ${code}` }, ...more };
}

/** Makes the first requests fail. */
export function failFirst(emulator: Emulator, count: number, fault: Fault): void {
	emulator.misbehave(({ index, moment }) =>
		moment === 'beforeBody' && index < count ? fault : undefined,
	);
}
