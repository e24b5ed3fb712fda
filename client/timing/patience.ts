/** Waits until a promise is settled either way, but no longer than so many milliseconds. */
export async function settledWithin(promise: Promise<unknown>, patienceMs: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const patience = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, patienceMs);
	});
	await Promise.race([promise.catch(() => {}), patience]);
	clearTimeout(timer);
}
