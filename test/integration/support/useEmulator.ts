import { startEmulator, type Emulator } from '../../support/emulator';

/** An emulator for the tests of a file. It is reset before each test. */
export function useEmulator(assign: (emulator: Emulator) => void): void {
	let emulator: Emulator;
	beforeAll(async () => {
		emulator = await startEmulator();
		assign(emulator);
	});
	beforeEach(() => emulator.reset());
	afterAll(async () => await emulator.close());
}
