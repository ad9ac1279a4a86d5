-- What our tables promise each other; a row is a broken promise.

-- name: check_delivery_counts
SELECT announcement_id, state, CAST(sum(noted) AS BIGINT) AS noted, CAST(sum(counted) AS BIGINT) AS counted
    FROM (SELECT announcement_id, state, n AS noted, 0 AS counted FROM delivery_count
          UNION ALL
          SELECT announcement_id, state, 0, count(*) FROM delivery GROUP BY announcement_id, state) AS both_sides
    GROUP BY announcement_id, state
    HAVING sum(noted) <> sum(counted)
    ORDER BY announcement_id, state;
