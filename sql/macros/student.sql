-- 97.5 percent point of Student's t, by the Cornish-Fisher expansion (within 1 percent from 3 degrees on).
create or replace macro main.student_975(degrees) as
    case
        when degrees < 1.5 then 12.706
        when degrees < 2.5 then 4.303
        else 1.95996 + 2.37227 / degrees + 2.82250 / pow(degrees, 2) + 2.55585 / pow(degrees, 3)
    end;
