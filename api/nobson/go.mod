// Stands in for a codec that gin imports and this portal never calls: see
// docs/decisions/0007-no-msgpack.md.
module go.mongodb.org/mongo-driver/v2

go 1.26.0
