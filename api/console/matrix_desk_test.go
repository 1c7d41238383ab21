package console_test

// deskMatrix is who may do what at the hotline's desk.
func deskMatrix() map[string]string {
	const seats, counts = "admin operator town-officer", "admin auditor"
	return map[string]string{
		"GET /console/desk": seats, "POST /console/desk": seats, "POST /console/desk/places": seats, "POST /console/desk/copied": seats, "POST /console/desk/judge": seats,
		"POST /console/desk/text": seats, "POST /console/desk/hand": seats, "POST /console/desk/urgent": seats, "POST /console/desk/file": seats, "POST /console/desk/status": seats,
		"POST /console/desk/begin": seats, "POST /console/desk/note": seats, "POST /console/desk/end": seats, "GET /console/desk/keys": seats,
		"GET /console/desk/shift": seats, "POST /console/desk/shift": seats, "POST /console/desk/shift/take": seats, "POST /console/desk/shift/called": seats,
		"GET /console/desk/figures": counts,
	}
}
