package console_test

// scansMatrix is who may do what in the room of scans.
func scansMatrix() map[string]string {
	const (
		figures = "admin editor publisher town-officer auditor"
		walkers = "admin town-officer helper"
		planner = "admin town-officer"
	)
	return map[string]string{
		"GET /console/scans": figures, "GET /console/scans/export": figures,
		"POST /console/scans/alerts/:id/seen": figures, "POST /console/scans/alerts/:id/ignore": figures, "POST /console/scans/alerts/:id/undo": figures,
		"GET /console/scans/test/:location": figures, "GET /console/scans/test/:location/code": figures,

		"GET /console/rounds": walkers, "GET /console/rounds/overdue": walkers, "GET /console/rounds/:id": walkers,
		"GET /console/rounds/new": planner, "POST /console/rounds/new": planner,
		"GET /console/rounds/:id/end": planner, "POST /console/rounds/:id/end": planner, "POST /console/rounds/:id/reopen": planner,
		"GET /console/inspect/:location": walkers, "POST /console/inspect/:location": walkers, "GET /console/inspections/:id/photo": walkers,
	}
}
