import type { RecordedRequest } from './recordedRequest';

/** What has gone over the wire since the last reset. */
export class Traffic {
	readonly requests: RecordedRequest[] = [];
	connections = 0;
	inFlight = 0;
	mostInFlight = 0;

	/** Returns what to call when the request is over; calling it again does nothing. */
	begin(request: RecordedRequest, isDetection: boolean): () => void {
		this.requests.push(request);
		if (!isDetection) return () => {};
		this.inFlight += 1;
		this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
		let over = false;
		return () => {
			if (!over) this.inFlight -= 1;
			over = true;
		};
	}

	reset(): void {
		this.requests.length = 0;
		this.connections = 0;
		this.mostInFlight = this.inFlight;
	}
}
